using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Xml.Linq;
using PartsWorker.Board;
using PartsWorker.Board.Images;
using PartsWorker.Board.SignIn;
using PartsWorker.Board.Try;
using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Tests.Board;

public sealed class BoardInputTests
{
    [Theory]
    [InlineData("/review?line=A", "/review?line=A")]
    [InlineData("/", "/")]
    [InlineData("", "/")]
    [InlineData(null, "/")]
    [InlineData("//elsewhere.example", "/")]
    [InlineData("/\\elsewhere.example", "/")]
    [InlineData("https://elsewhere.example", "/")]
    [InlineData("/\n/elsewhere.example", "/")]
    public void Only_paths_of_the_board_are_followed_after_signing_in(string? given, string followed) =>
        Assert.Equal(followed, SignInEndpoints.LocalOrHome(given));

    [Theory]
    [InlineData("anna:secret", "anna", "secret")]
    [InlineData("anna:with:colons", "anna", "with:colons")]
    [InlineData("ännä:ü", "ännä", "ü")]
    public void Basic_credentials_are_read_as_RFC_7617_writes_them(string pair, string login, string password) =>
        Assert.Equal((login, password), ApiLogins.Parse("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))));

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer abc")]
    [InlineData("Basic ")]
    [InlineData("Basic not-base64!")]
    [InlineData("Basic YW5uYQ==")]
    public void Other_headers_are_no_credentials(string? header) => Assert.Null(ApiLogins.Parse(header));

    [Theory]
    [InlineData("127.0.0.1", false, true)]
    [InlineData("::1", false, true)]
    [InlineData("0.0.0.0", false, false)]
    [InlineData("0.0.0.0", true, true)]
    [InlineData("localhost", false, false)]
    public void The_board_leaves_this_machine_only_with_TLS_or_behind_a_proxy(string address, bool behindProxy, bool isValid)
    {
        var options = new BoardOptions { Address = address, BehindProxy = behindProxy };

        Assert.Equal(isValid, Validator.TryValidateObject(options, new ValidationContext(options), null, validateAllProperties: true));
    }

    [Theory]
    [InlineData("missing image: <script>alert(1)</script> & \"more\"")]
    [InlineData("control \0\u0001 characters and half a pair \ud800")]
    [InlineData("")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void A_placeholder_is_well_formed_and_holds_no_markup_of_its_reason(string reason)
    {
        var svg = XDocument.Parse(Encoding.UTF8.GetString(Placeholder.Draw(reason)));

        Assert.All(svg.Root!.Elements(), element => Assert.Contains(element.Name.LocalName, new[] { "rect", "text" }));
    }

    [Theory]
    [InlineData(400, 300, 192, 144)]
    [InlineData(300, 400, 144, 192)]
    [InlineData(1, 1, 192, 192)]
    public void A_thumbnail_keeps_the_shape_of_its_image_without_bars(int width, int height, int shownWidth, int shownHeight)
    {
        using var renderer = new ImageRenderer(new DecodeLimits());
        var png = PngFile.Encode(Enumerable.Repeat((byte)200, width * height * 3).ToArray(), new ImageSize(width, height));

        using var decoded = new DecodedImage();
        ImageDecoders.Create(ImageDecoders.ImageSharp).Decode(
            renderer.Render(png, ImageView.Thumb), new DecodeRequest(new DecodeLimits()), decoded);

        Assert.Equal((shownWidth, shownHeight), (decoded.Width, decoded.Height));
        Assert.All(decoded.Pixels.ToArray(), value => Assert.InRange(value, 190, 210));
    }
}
