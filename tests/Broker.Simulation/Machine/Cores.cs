using System.Runtime.ExceptionServices;

namespace Broker.Simulation;

/// <summary>Runs independent simulations, one a core.</summary>
internal static class Cores
{
    /// <summary>Alike for every run: how much stack is left decides whether a continuation runs at once or is posted.</summary>
    private const int StackBytes = 16 << 20;

    /// <summary>Calls the body for each number from the first on, on threads of its own. The first exception ends it.</summary>
    public static void ForEach(int first, int count, Action<int> body)
    {
        var next = first - 1;
        Exception? failure = null;
        var threads = new Thread[Math.Min(count, Environment.ProcessorCount)];
        for (var i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(Work, StackBytes) { IsBackground = true };
            threads[i].Start();
        }
        foreach (var thread in threads) thread.Join();
        if (failure is not null) ExceptionDispatchInfo.Throw(failure);

        void Work()
        {
            try
            {
                while (failure is null && Interlocked.Increment(ref next) is var number && number < first + count) body(number);
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        }
    }
}
