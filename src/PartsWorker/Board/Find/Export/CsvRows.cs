using System.Globalization;
using System.Text;
using Npgsql;

namespace PartsWorker.Board.Find.Export;

/// <summary>
/// Rows as CSV by RFC 4180: comma, CRLF, quotes doubled. NULL is an empty field. Text that a spreadsheet would run as a
/// formula gets an apostrophe in front.
/// </summary>
internal sealed class CsvRows
{
    private readonly StringBuilder _row = new();

    public StringBuilder Header(IEnumerable<string> names)
    {
        _row.Clear().AppendJoin(',', names);
        return _row.Append("\r\n");
    }

    public StringBuilder Row(NpgsqlDataReader row, ExportColumn[] columns)
    {
        _row.Clear();
        for (var i = 0; i < columns.Length; i++)
        {
            if (i > 0)
            {
                _row.Append(',');
            }

            if (!row.IsDBNull(i))
            {
                Append(row, i, columns[i].Kind);
            }
        }

        return _row.Append("\r\n");
    }

    internal static string Guard(string text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..] ? $"'{text}" : text;

    internal static string Quote(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 && text is not ([' ', ..] or [.., ' '])
        ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private void Append(NpgsqlDataReader row, int column, ExportKind kind)
    {
        switch (kind)
        {
            case ExportKind.Time:
                _row.Append(CultureInfo.InvariantCulture, $"{row.GetDateTime(column):yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}");
                break;
            case ExportKind.Number:
                _row.Append(CultureInfo.InvariantCulture, $"{row.GetFloat(column):R}");
                break;
            case ExportKind.Count:
                _row.Append(CultureInfo.InvariantCulture, $"{row.GetInt32(column)}");
                break;
            case ExportKind.Flag:
                _row.Append(row.GetBoolean(column) ? "true" : "false");
                break;
            case ExportKind.Id:
                _row.Append(CultureInfo.InvariantCulture, $"{row.GetGuid(column)}");
                break;
            case ExportKind.Uri:
                _row.Append(Quote(Guard(References.SafeUri.Of(row.GetString(column)))));
                break;
            default:
                _row.Append(Quote(Guard(row.GetString(column))));
                break;
        }
    }
}
