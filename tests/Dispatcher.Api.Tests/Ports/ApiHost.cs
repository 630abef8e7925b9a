using System.Text;
using Broker.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Broker.Api.Tests;

/// <summary>The API on Kestrel and a free port, over ports in memory.</summary>
public sealed class ApiHost : IAsyncLifetime
{
    internal const string Secret = "tests-tests-tests-tests-tests-tests";

    private WebApplication? app;

    internal MemoryReads Reads { get; } = new();
    internal MemoryGateway Gateway { get; }
    internal HttpClient Http { get; private set; } = null!;
    internal IServiceProvider Services => app!.Services;

    public ApiHost() => Gateway = new MemoryGateway(Reads);

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection([new("Broker:IdSecret", Secret)]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddBrokerApi();
        builder.Services.AddSingleton<IBrokerReads>(Reads);
        builder.Services.AddSingleton<ISchedulerGateway>(Gateway);
        app = builder.Build();
        app.MapBrokerApi();
        app.MapGet("/broken", string () => throw new InvalidOperationException("secret words"));
        await app.StartAsync();
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app!.DisposeAsync();
    }

    internal async Task<Answer> SendAsync(
        HttpMethod method, string path, string? body = null, string mediaType = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, mediaType);
        // Asked before it is sent: the server answers 413 and closes, and the answer must not drown in a broken pipe.
        request.Headers.ExpectContinue = body?.Length > 1_000_000;
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Answer((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, text, response.Headers);
    }

    internal Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    internal Task<Answer> PostAsync(string path, string? body = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, body, headers: headers);

    internal Task<Answer> PutAsync(string path, string body) => SendAsync(HttpMethod.Put, path, body);
}
