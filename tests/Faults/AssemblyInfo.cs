// Each test starts several processes and measures times.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
