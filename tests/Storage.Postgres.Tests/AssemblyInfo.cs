// Most of the time they wait for servers that start and stop.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
