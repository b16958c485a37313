using System.Text;
using PartsWorker.Harness;
using PartsWorker.IntegrationTests.Support;

namespace PartsWorker.IntegrationTests.Database;

/// <summary>Holds the data dictionary in migrations/README.md to the COMMENTs in the database; with WRITE_DICTIONARY=1 it is written
/// anew.</summary>
public sealed class DataDictionaryTests
{
    private const string Begin = "<!-- dictionary: written by DataDictionaryTests -->\n";
    private const string End = "<!-- end of dictionary -->\n";
    private static readonly string File = Path.Combine(Repository.Root, "migrations", "README.md");

    [Fact]
    public async Task The_dictionary_matches_the_comments_of_the_database()
    {
        var text = await System.IO.File.ReadAllTextAsync(File);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        var written = await WriteAsync();
        if (Environment.GetEnvironmentVariable("WRITE_DICTIONARY") == "1")
        {
            await System.IO.File.WriteAllTextAsync(File, text[..begin] + written + text[end..]);
            return;
        }

        Assert.True(text[begin..end] == written, "migrations/README.md is behind the COMMENTs: run this test with WRITE_DICTIONARY=1");
    }

    private static async Task<string> WriteAsync()
    {
        await using var database = await TestDatabase.CreateAsync();
        var page = new StringBuilder();
        var columns = await database.LinesAsync("""
            SELECT c.relname, CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END, obj_description(c.oid, 'pg_class'),
                   a.attname, format_type(a.atttypid, a.atttypmod), col_description(c.oid, a.attnum)
            FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
            ORDER BY c.relkind = 'v', c.relname, a.attnum
            """);
        var relations = columns.Select(line => line.Split('|')).GroupBy(field => (Name: field[0], Kind: field[1], Comment: field[2]));
        foreach (var relation in relations)
        {
            page.Append($"\n### `{relation.Key.Name}` ({relation.Key.Kind})\n{relation.Key.Comment}\n\n");
            page.Append("| column | type | meaning |\n|---|---|---|\n");
            foreach (var field in relation)
            {
                page.Append($"| `{field[3]}` | {field[4]} | {field[5]} |\n");
            }
        }

        return page.Append('\n').ToString();
    }
}
