using Firezone.Silos.Operations.Pages;

namespace Firezone.Operations.Tests.Pages;

public sealed class HtmlTextTests
{
    [Fact]
    public void What_is_put_in_is_encoded_and_what_is_HTML_already_is_not()
    {
        var name = "<script>\"a\"&'b'</script>";
        var inner = new HtmlText($"<b>{name}</b>");
        Assert.Equal(
            "<p><b>&lt;script&gt;&quot;a&quot;&amp;&#x27;b&#x27;&lt;/script&gt;</b> 7 0.50</p>",
            new HtmlText().Add($"<p>{inner} {7} {0.5:0.00}").Add($"</p>").ToString());
    }

    [Fact]
    public void A_list_is_rendered_item_by_item() =>
        Assert.Equal("<li>a</li><li>&lt;</li>", new HtmlText().AddEach((string[])["a", "<"], (html, item) => html.Add($"<li>{item}</li>")).ToString());
}
