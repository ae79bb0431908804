using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace Firezone.Silos.Operations.Pages;

/// <summary>HTML under construction. What is put into the holes of an interpolated string is encoded, unless it is HTML itself.</summary>
internal sealed class HtmlText
{
    private readonly StringBuilder _text;

    /// <summary>Starts empty.</summary>
    public HtmlText() => _text = new();

    /// <summary>Starts with this.</summary>
    public HtmlText(ref Handler text) => _text = text.Text;

    /// <summary>Appends.</summary>
    public HtmlText Add([InterpolatedStringHandlerArgument("")] ref Handler text) => this;

    /// <summary>Appends HTML as it is; never anything from outside.</summary>
    public HtmlText AddRaw(string html)
    {
        _text.Append(html);
        return this;
    }

    /// <summary>Appends another text.</summary>
    public HtmlText Add(HtmlText html)
    {
        _text.Append(html._text);
        return this;
    }

    /// <summary>Appends something for each item.</summary>
    public HtmlText AddEach<T>(IEnumerable<T> items, Action<HtmlText, T> render)
    {
        foreach (var item in items)
            render(this, item);
        return this;
    }

    /// <inheritdoc />
    public override string ToString() => _text.ToString();

    /// <summary>What the compiler calls for an interpolated string.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Handler
    {
        public Handler(int literalLength, int formattedCount) => Text = new(literalLength + (formattedCount * 8));

        public Handler(int literalLength, int formattedCount, HtmlText target) => Text = target._text;

        internal StringBuilder Text { get; }

        public void AppendLiteral(string value) => Text.Append(value);

        public void AppendFormatted(HtmlText value) => Text.Append(value._text);

        public void AppendFormatted<T>(T value) => Text.Append(HtmlEncoder.Default.Encode(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));

        public void AppendFormatted<T>(T value, string format)
            where T : IFormattable => Text.Append(HtmlEncoder.Default.Encode(value.ToString(format, CultureInfo.InvariantCulture)));
    }
}
