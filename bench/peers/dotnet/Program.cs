using System.CommandLine;
using System.Text.Json;
using Broker.Bench.Peers;

var count = new Option<int>("--count") { Required = true };
var batch = new Option<int>("--batch") { DefaultValueFactory = _ => 1 };
var connections = new Option<int>("--connections") { DefaultValueFactory = _ => 64 };
var rate = new Option<int>("--rate") { Required = true };
var seconds = new Option<int>("--seconds") { Required = true };

var root = new RootCommand("The peers of the benchmark that run on .NET; see bench/peers/README.md.");
root.Subcommands.Add(Verbs("hangfire", () => new HangfirePeer()));
root.Subcommands.Add(Verbs("rabbitmq", () => new RabbitMqPeer()));
return await root.Parse(args).InvokeAsync();

Command Verbs(string name, Func<IPeer> create)
{
    var prepare = new Command("prepare");
    prepare.SetAction((_, _) => create().PrepareAsync());
    var worker = new Command("worker");
    worker.SetAction((_, cancellationToken) => WorkAsync(create(), cancellationToken));
    var burst = new Command("burst") { count, batch, connections };
    burst.SetAction((line, _) => LoadAsync(create(), line.GetValue(connections), load =>
        Burst.RunAsync(load, line.GetValue(count), line.GetValue(batch), line.GetValue(connections))));
    var steady = new Command("steady") { rate, seconds, connections };
    steady.SetAction((line, _) => LoadAsync(create(), line.GetValue(connections), load =>
        Steady.RunAsync(load, line.GetValue(rate), line.GetValue(seconds), line.GetValue(connections))));
    return new Command(name) { prepare, worker, burst, steady };
}

// Until standard input ends, or SIGTERM.
static async Task WorkAsync(IPeer peer, CancellationToken cancellationToken)
{
    using var tally = new Tally();
    await using var work = await peer.WorkAsync(tally);
    Console.WriteLine("ready");
    // Reading the console blocks its thread, whatever the token says.
    var end = Task.Run(() => Console.OpenStandardInput().CopyTo(Stream.Null), CancellationToken.None);
    await end.WaitAsync(cancellationToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
}

static async Task LoadAsync(IPeer peer, int connections, Func<ILoad, Task<object>> run)
{
    await using var load = await peer.OpenAsync(connections);
    Console.WriteLine(JsonSerializer.Serialize(await run(load)));
}
