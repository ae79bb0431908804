namespace Firezone.Shared;

/// <summary>Takes the notifications out of what a PostgreSQL server sends over one connection.</summary>
internal sealed class NotificationFilter
{
    private const byte NotificationResponse = (byte)'A';

    // A message is a type, the length of the rest in four bytes, and the rest.
    private int _lengthBytes = 4;
    private int _length;
    private int _left;
    private bool _drops;

    /// <summary>Moves what is kept to the front and returns how much that is.</summary>
    public int Apply(Span<byte> data, out int notifications)
    {
        (var kept, notifications) = (0, 0);
        foreach (var next in data)
        {
            if (_left == 0 && _lengthBytes == 4)
            {
                (_lengthBytes, _length) = (0, 0);
                _drops = next == NotificationResponse;
                if (_drops)
                    notifications++;
            }
            else if (_lengthBytes < 4)
            {
                _length = (_length << 8) | next;
                if (++_lengthBytes == 4)
                    _left = _length - 4;
            }
            else
            {
                _left--;
            }

            if (!_drops)
                data[kept++] = next;
        }

        return kept;
    }
}
