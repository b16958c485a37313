using PartsWorker.Board.Find.Export;

namespace PartsWorker.Tests.Board.Find;

public class CsvRowsTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("bolt", "bolt")]
    [InlineData("a=b", "a=b")]
    [InlineData("", "")]
    public void Text_that_a_spreadsheet_would_run_gets_an_apostrophe(string text, string expected) =>
        Assert.Equal(expected, CsvRows.Guard(text));

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"a\"", "\"say \"\"a\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("two\r\nlines", "\"two\r\nlines\"")]
    [InlineData(" padded", "\" padded\"")]
    [InlineData("Grün", "Grün")]
    public void A_field_is_quoted_where_RFC_4180_needs_it(string text, string expected) => Assert.Equal(expected, CsvRows.Quote(text));

    [Fact]
    public void The_header_names_each_column_once() =>
        Assert.Equal(
            "image_id,captured_at,line,camera,model,lane,shadow,decision,class,confidence,color,color_confidence,shape,shape_confidence,"
            + "max_similarity,doubt,top1_class,filter_class,filter_path,attempts,worker,published_at,received_at,classified_at,uri,"
            + "attributes,reviewed_class,reviewed_by,reviewed_at\r\n",
            new CsvRows().Header(ExportColumns.Of(hasShadow: true).Select(column => column.Name)).ToString());

    [Fact]
    public void Every_text_column_is_guarded_and_the_reference_is_masked()
    {
        var columns = ExportColumns.Of(hasShadow: true);

        Assert.Equal(ExportKind.Uri, columns.Single(column => column.Name == "uri").Kind);
        Assert.All(
            new[] { "line", "camera", "model", "class", "color", "shape", "worker", "attributes", "reviewed_class", "reviewed_by" },
            name => Assert.Equal(ExportKind.Text, columns.Single(column => column.Name == name).Kind));
    }
}
