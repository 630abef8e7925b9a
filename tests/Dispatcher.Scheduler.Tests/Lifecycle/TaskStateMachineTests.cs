namespace Broker.Scheduler.Tests;

public sealed class TaskStateMachineTests
{
    /// <summary>Row 28 of the faults.</summary>
    [Fact]
    public void Every_state_answers_every_event()
    {
        var machine = TaskLifecycle.Machine;
        var gaps = LifecycleTable.States(machine).Where(state => state.Name != "Initial")
            .SelectMany(state => machine.Events.Except(machine.NextEvents(state)).Select(gap => $"{state.Name} × {gap.Name}"))
            .ToList();

        Assert.True(gaps.Count == 0, "Unanswered: " + string.Join(", ", gaps));
    }

    [Fact]
    public void The_page_about_the_lifecycle_shows_the_machine()
    {
        var path = Path.Combine(LifecycleTable.RepositoryRoot(), "docs", "lifecycle.md");
        var page = File.Exists(path) ? File.ReadAllText(path) : "";
        var expected = LifecycleTable.Put(page, LifecycleTable.Render(TaskLifecycle.Machine));

        if (Environment.GetEnvironmentVariable("BROKER_WRITE_DOCS") == "1") File.WriteAllText(path, expected);
        else Assert.True(page == expected,
            "docs/lifecycle.md is not what the machine does. Write it anew:\n"
            + "BROKER_WRITE_DOCS=1 dotnet run --project tests/Dispatcher.Scheduler.Tests -- --filter-class Broker.Scheduler.Tests.TaskStateMachineTests");
    }
}
