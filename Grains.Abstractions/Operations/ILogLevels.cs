namespace Firezone.Grains.Abstractions.Operations;

/// <summary>The log levels of this process. Thread-safe; returns at once.</summary>
public interface ILogLevels
{
    /// <summary>Takes an order; a later one for the same category replaces it. One too many replaces the one that would end first.</summary>
    void Set(LogLevelOrder order);

    /// <summary>What is in force.</summary>
    LogLevelOverride[] List();
}
