using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Bundles.Tests.Preprocessing;

public sealed class DecoderChoiceTests
{
    [Theory]
    [InlineData("auto", null, "libvips")]
    [InlineData("auto", "libvips", "libvips")]
    [InlineData("auto", "imagesharp", "imagesharp")]
    [InlineData("imagesharp", "libvips", "imagesharp")]
    [InlineData("LibVips", "imagesharp", "libvips")]
    public void Auto_takes_the_decoder_the_bundle_was_made_with_and_a_name_takes_precedence(
        string setting, string? recorded, string expected)
    {
        var recipe = new PreprocessingRecipe { Size = 64, Decoder = recorded };
        Assert.Equal(expected, new DecoderChoice(setting).For(recipe).Name);
    }

    [Theory]
    [InlineData(DecodeScale.Full, "imagesharp")]
    [InlineData(DecodeScale.HalfReserve, "libvips")]
    [InlineData(DecodeScale.NoReserve, "libvips")]
    public void A_new_bundle_is_made_with_the_decoder_that_costs_less(DecodeScale scale, string expected) =>
        Assert.Equal(expected, ImageDecoders.CheaperFor(scale));

    [Fact]
    public void A_decoder_that_does_not_exist_is_named_together_with_those_that_do()
    {
        var error = Assert.Throws<ArgumentException>(() => new DecoderChoice("gdi"));
        Assert.Equal("there is no decoder 'gdi'; choose imagesharp or libvips", error.Message);
    }
}
