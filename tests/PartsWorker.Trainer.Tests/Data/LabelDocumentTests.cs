using System.Text.Json;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Tests.Data;

public sealed class LabelDocumentTests
{
    [Theory]
    [InlineData("""{"colors":["red","blue"],"shapes":["round"],"classes":[{"id":0,"name":"a","color":1,"shape":0}]}""")]
    [InlineData("""{"colours":["red","blue"],"shapes":["round"],"classes":[{"name":"a","colour":"blue","shape":"round","source":"x"}]}""")]
    [InlineData("""
        {"colors":["red","blue"],"shapes":["round"],
         "classes":[{"id":0,"name":"a","color":"?","color_id":1,"shape":"?","shape_id":0}]}
        """)]
    public void Indices_names_and_both_spellings_are_accepted(string text)
    {
        var labels = Read(text);
        Assert.Equal((0, "a", 1, 0), (labels.Classes[0].Id, labels.Classes[0].Name, labels.Classes[0].Color, labels.Classes[0].Shape));
    }

    [Theory]
    [InlineData("""{"colors":["red"],"shapes":["round"],"classes":[{"name":"a","color":"pink","shape":0}]}""", "pink")]
    [InlineData("""{"colors":["red"],"classes":[]}""", "shapes")]
    [InlineData("""{"colors":["red"],"shapes":["round"],"classes":[{"name":"a","shape":0}]}""", "color")]
    public void An_error_names_the_invalid_field(string text, string named) =>
        Assert.Contains(named, Assert.Throws<JsonException>(() => Read(text)).Message, StringComparison.Ordinal);

    private static Bundles.Bundle.LabelSet Read(string text)
    {
        using var document = JsonDocument.Parse(text);
        return LabelDocument.Read(document.RootElement);
    }
}
