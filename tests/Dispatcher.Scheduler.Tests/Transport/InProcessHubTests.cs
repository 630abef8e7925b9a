using Broker.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Scheduler.Tests;

public sealed class InProcessHubTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_routine_inventory_holds_up_no_report_behind_it()
    {
        var inbox = new Inbox(new FakeTimeProvider());
        var hub = new InProcessHub();
        await using var attached = await hub.AttachAsync(inbox, Cancel);
        var waiting = inbox.WaitAsync(TimeSpan.FromSeconds(1), roomForTasks: 1, Cancel);

        _ = hub.ReportAsync(new InventoryMessage { Worker = "bot", Session = "s1", LastOffer = 0, Attempts = [], Routine = true }, Cancel);

        await waiting;
    }
}
