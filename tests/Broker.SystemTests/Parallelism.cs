// Most of a test's time is waiting for processes and for time itself; more at once would only make them slow.
[assembly: Xunit.v3.Parallelization(MaxThreads = 4)]
