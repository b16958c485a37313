using System.Globalization;
using System.Text.RegularExpressions;

namespace PartsWorker.Board.Find;

/// <summary>A statement that grows condition by condition; values are parameters, never text of the statement.</summary>
internal sealed partial class SqlStatement
{
    private readonly List<object> _values = [];
    private readonly List<string> _conditions = [];

    public object[] Values => [.. _values];

    public string Where => _conditions.Count == 0 ? "" : "WHERE " + string.Join("\n  AND ", _conditions) + "\n";

    /// <returns>The parameter's name.</returns>
    public string Add(object value)
    {
        _values.Add(value);
        return $"${_values.Count}";
    }

    public void If(string condition) => _conditions.Add(condition);

    /// <summary>The condition if the value is set; <c>{0}</c> is where its parameter goes.</summary>
    public void If(string condition, object? value)
    {
        if (value is not null)
        {
            _conditions.Add(condition.Replace("{0}", Add(value), StringComparison.Ordinal));
        }
    }

    /// <summary>The statement as a person can run it in psql: every parameter replaced by a quoted literal.</summary>
    public static string Fill(string sql, IReadOnlyList<object> values) =>
        Parameter.Replace(sql, match => Literal(values[int.Parse(match.ValueSpan[1..], CultureInfo.InvariantCulture) - 1]));

    private static string Literal(object value) => value switch
    {
        DateTimeOffset time => $"timestamptz '{time.UtcDateTime:yyyy-MM-dd HH:mm:ss.FFFFFF}+00'",
        Guid id => $"uuid '{id}'",
        float number => $"real '{number.ToString("R", CultureInfo.InvariantCulture)}'",
        int number => number.ToString(CultureInfo.InvariantCulture),
        string text => Quote(text),
        _ => throw new NotSupportedException($"A literal of {value.GetType()}."),
    };

    // As quote_literal: safe with any setting of standard_conforming_strings in the session that runs it.
    private static string Quote(string text)
    {
        var quoted = text.Replace("'", "''", StringComparison.Ordinal);
        return quoted.Contains('\\', StringComparison.Ordinal)
            ? $"E'{quoted.Replace(@"\", @"\\", StringComparison.Ordinal)}'" : $"'{quoted}'";
    }

    [GeneratedRegex(@"\$[0-9]+", RegexOptions.NonBacktracking)]
    private static partial Regex Parameter { get; }
}
