using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit;
using MassTransit.Serialization;

namespace Broker.Contracts.Tests;

/// <summary>Holds names and JSON of everything that is sent to approved files: other versions and bots rely on them.</summary>
/// <remarks>After a change that was meant: BROKER_APPROVE=1 dotnet run --project tests/Contracts.Tests, and look at the difference.</remarks>
public sealed class ApprovedMessageTests
{
    private const string Approve = "BROKER_APPROVE";

    private static readonly string Folder = Path.Combine(SourceTree.Root, "tests", "Contracts.Tests", "approved");
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static TheoryData<string> Names => [.. Samples.Roots.Select(type => type.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Name_and_JSON_are_the_approved_ones(string name)
    {
        var type = Samples.Roots.Single(root => root.Name == name);

        Assert.Equal(Approved(type), Text(type));
    }

    [Theory, MemberData(nameof(Names))]
    public void Approved_JSON_reads_back_whole(string name)
    {
        var type = Samples.Roots.Single(root => root.Name == name);
        var approved = JsonNode.Parse(Approved(type))!["json"]!;

        var read = JsonSerializer.Deserialize(approved, type, OptionsOf(type));

        Assert.True(JsonNode.DeepEquals(approved, JsonSerializer.SerializeToNode(read, type, OptionsOf(type))));
    }

    [Fact]
    public void Nothing_that_was_approved_has_gone() =>
        Assert.Equal(
            Samples.Roots.Select(type => type.Name),
            Directory.EnumerateFiles(Folder, "*.json").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    private static string Approved(Type type)
    {
        var file = Path.Combine(Folder, type.Name + ".json");
        if (Environment.GetEnvironmentVariable(Approve) is { Length: > 0 }) File.WriteAllText(file, Text(type));

        Assert.True(File.Exists(file), $"Nothing is approved for {type.Name}. If it is new, run this test with {Approve}=1.");
        return File.ReadAllText(file);
    }

    private static string Text(Type type) => new JsonObject
    {
        ["urn"] = MessageUrn.ForTypeString(type),
        ["json"] = JsonSerializer.SerializeToNode(Samples.Of(type), type, OptionsOf(type)),
    }.ToJsonString(Indented) + "\n";

    /// <summary>Those it travels under: ours for what bots see and what is stored, MassTransit's for the rest.</summary>
    private static JsonSerializerOptions OptionsOf(Type type) =>
        WireJson.Default.GetTypeInfo(type) is not null ? WireJson.Default.Options
        : StatsJson.Default.GetTypeInfo(type) is not null ? StatsJson.Default.Options
        : SystemTextJsonMessageSerializer.Options;
}
