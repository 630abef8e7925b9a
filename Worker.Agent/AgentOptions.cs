using System.ComponentModel.DataAnnotations;
using Broker.Contracts;
using Microsoft.Extensions.Options;

namespace Broker.Agent;

/// <summary>What a worker is and where Broker is. Read from the section <c>Broker</c>; checked when the process starts.</summary>
public sealed class AgentOptions : IValidatableObject
{
    /// <summary>Broker's HTTP API.</summary>
    [Required]
    public Uri Api { get; set; } = new("http://localhost:8000");

    /// <summary>RabbitMQ, as <c>amqp://</c> or <c>amqps://</c>; not used with transport <c>http</c>.</summary>
    [Required]
    public Uri RabbitMq { get; set; } = new("amqp://guest:guest@localhost:5672/");

    /// <summary>
    /// The worker's id, <c>[a-z0-9][a-z0-9_-]{0,62}</c>, its own among all workers. A worker that comes back under its id has the
    /// attempts of its former life resolved at once. Null: Broker makes one up.
    /// </summary>
    public string? Id { get; set; }

    /// <summary>The pool whose tasks it runs.</summary>
    public string Pool { get; set; } = "default";

    /// <summary>Tasks it runs at a time, as long as each costs 1. 1–1,000.</summary>
    [Range(1, Limits.Slots)]
    public int Slots { get; set; } = 1;

    /// <summary>Facts that tasks may require; at most 16 pairs of at most 128 characters.</summary>
    public Dictionary<string, string> Labels { get; } = [];

    /// <summary><c>active</c>, or <c>reserve</c> to be used only when the active workers are not enough.</summary>
    [AllowedValues(WorkerRole.Active, WorkerRole.Reserve)]
    public string Role { get; set; } = WorkerRole.Active;

    /// <summary><c>amqp</c>, or <c>http</c> to poll.</summary>
    [AllowedValues(WorkerTransport.Amqp, WorkerTransport.Http)]
    public string Transport { get; set; } = WorkerTransport.Amqp;

    /// <summary>Offers it takes in one message, 1–1,000; more than 1 pays off with many slots and short tasks.</summary>
    [Range(1, Limits.MaxBatch)]
    public int MaxBatch { get; set; } = 1;

    /// <summary>Time that running attempts get when the process is asked to stop; then they are given back. 0–1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan DrainLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Folder below which <c>file.sha256</c> may read; null: none.</summary>
    public string? FileRoot { get; set; }

    /// <summary>Rules that attributes can't say.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Id is not null && !Names.IsValid(Id)) yield return Wrong(nameof(Id), $"'{Id}' is no worker id: use [a-z0-9][a-z0-9_-]{{0,62}}.");
        if (!Names.IsValid(Pool)) yield return Wrong(nameof(Pool), $"'{Pool}' is no pool name: use [a-z0-9][a-z0-9_-]{{0,62}}.");
        if (Api is not { IsAbsoluteUri: true, Scheme: "http" or "https" }) yield return Wrong(nameof(Api), "An http:// or https:// address is needed.");
        if (RabbitMq is not { IsAbsoluteUri: true, Scheme: "amqp" or "amqps" })
            yield return Wrong(nameof(RabbitMq), "An amqp:// or amqps:// address is needed.");
        if (Labels.Count > Limits.LabelCount || Labels.Any(label => label.Key.Length is 0 or > Limits.LabelLength || label.Value.Length > Limits.LabelLength))
            yield return Wrong(nameof(Labels), $"At most {Limits.LabelCount} pairs of at most {Limits.LabelLength} characters.");
        if (FileRoot is { Length: > 0 } && !Directory.Exists(FileRoot)) yield return Wrong(nameof(FileRoot), $"There is no folder '{FileRoot}'.");
    }

    private static ValidationResult Wrong(string option, string message) => new($"Broker:{option}: {message}", [option]);
}

/// <summary>Generated from the attributes of <see cref="AgentOptions"/>.</summary>
[OptionsValidator]
internal sealed partial class AgentOptionsValidator : IValidateOptions<AgentOptions>;
