namespace Firezone.EndToEnd.Sizing;

/// <summary>Interrupts when a text is written, as a person does who reads along.</summary>
internal sealed class InterruptingWriter(string text) : StringWriter
{
    private readonly CancellationTokenSource _interrupt = new();

    public CancellationToken Interrupted => _interrupt.Token;

    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        if (value?.Contains(text, StringComparison.Ordinal) == true)
            _interrupt.Cancel();
    }
}
