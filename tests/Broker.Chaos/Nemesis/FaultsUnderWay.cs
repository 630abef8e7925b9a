namespace Broker.Chaos;

/// <summary>Which faults overlap: a bound on a recovery time holds for one that was alone with its kind of trouble.</summary>
internal sealed class FaultsUnderWay
{
    private readonly Lock _lock = new();
    private readonly HashSet<FaultRun> _faults = [];

    public void Add(FaultRun fault)
    {
        lock (_lock)
        {
            foreach (var other in _faults)
            {
                other.Overlaps.Add(fault.Category);
                fault.Overlaps.Add(other.Category);
            }
            _faults.Add(fault);
        }
    }

    public void Remove(FaultRun fault)
    {
        lock (_lock) _faults.Remove(fault);
    }
}
