// Most of the time they wait for silos, databases and time limits.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
