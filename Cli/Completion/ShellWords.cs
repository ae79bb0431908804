using System.Text;

namespace Firezone.Cli.Completion;

/// <summary>Takes the beginning of a command line apart as shells do.</summary>
internal static class ShellWords
{
    /// <summary>The words; the last is the one that the cursor is in, empty after a space.</summary>
    public static List<string> Split(string line)
    {
        List<string> words = [];
        var word = new StringBuilder();
        var quote = '\0';
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '\\' && quote != '\'' && i + 1 < line.Length)
            {
                word.Append(line[++i]);
            }
            else if (quote != '\0' || c is '\'' or '"')
            {
                quoted = true;
                if (quote == '\0')
                    quote = c;
                else if (quote == c)
                    quote = '\0';
                else
                    word.Append(c);
            }
            else if (c == ' ')
            {
                if (word.Length > 0 || quoted)
                    words.Add(word.ToString());
                word.Clear();
                quoted = false;
            }
            else
            {
                word.Append(c);
            }
        }

        words.Add(word.ToString());
        return words;
    }
}
