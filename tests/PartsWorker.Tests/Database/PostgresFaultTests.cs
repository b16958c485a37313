using System.Net.Sockets;
using System.Text;
using Npgsql;
using PartsWorker.Database;

namespace PartsWorker.Tests.Database;

public sealed class PostgresFaultTests
{
    [Theory]
    [InlineData("22021", PostgresFault.Row)]
    [InlineData("22P02", PostgresFault.Row)]
    [InlineData("23514", PostgresFault.Contention)]
    [InlineData("23502", PostgresFault.Row)]
    [InlineData("54000", PostgresFault.Row)]
    [InlineData("40001", PostgresFault.Contention)]
    [InlineData("40P01", PostgresFault.Contention)]
    [InlineData("55P03", PostgresFault.Contention)]
    [InlineData("XX000", PostgresFault.Contention)]
    [InlineData("57P01", PostgresFault.Outage)]
    [InlineData("57P03", PostgresFault.Outage)]
    [InlineData("57014", PostgresFault.Outage)]
    [InlineData("53300", PostgresFault.Outage)]
    [InlineData("53100", PostgresFault.Outage)]
    [InlineData("25006", PostgresFault.Outage)]
    [InlineData("28P01", PostgresFault.Outage)]
    [InlineData("42P01", PostgresFault.Outage)]
    [InlineData("42501", PostgresFault.Outage)]
    [InlineData("08006", PostgresFault.Outage)]
    public void A_state_says_whose_fault_it_is(string state, object fault) =>
        Assert.Equal(fault, PostgresFaults.Of(new PostgresException("m", "ERROR", "ERROR", state)));

    [Fact]
    public void A_check_with_a_name_is_the_rows_fault()
    {
        var named = new PostgresException("m", "ERROR", "ERROR", "23514", constraintName: "classifications_lane");
        Assert.Equal(PostgresFault.Row, PostgresFaults.Of(named));
    }

    [Fact]
    public void What_the_driver_cannot_encode_is_the_rows_fault_and_what_it_cannot_reach_is_not()
    {
        Assert.Equal(PostgresFault.Row, PostgresFaults.Of(new EncoderFallbackException()));
        Assert.Equal(PostgresFault.Outage, PostgresFaults.Of(new NpgsqlException("m", new SocketException())));
        Assert.Equal(PostgresFault.Outage, PostgresFaults.Of(new ObjectDisposedException("source")));
    }

    [Theory]
    [InlineData("25006", "cannot execute INSERT in a read-only transaction", "Target Session Attributes=primary")]
    [InlineData("53100", "could not extend file", "the disk of PostgreSQL is full (could not extend file): free some space")]
    [InlineData("42501", "permission denied for table images", "(permission denied for table images): grant it the role")]
    [InlineData("53300", "sorry, too many clients already", "raise max_connections")]
    [InlineData("57014", "canceling statement due to statement timeout", "raise statement_timeout of the database user")]
    [InlineData("42P01", "relation does not exist", "run `partsworker migrate`")]
    [InlineData("28P01", "password authentication failed for user", "check ConnectionStrings:Postgres")]
    [InlineData("08P01", "SASL authentication failed", "check ConnectionStrings:Postgres")]
    [InlineData("08P01", "no such user", "check ConnectionStrings:Postgres")]
    [InlineData("08P01", "unsupported startup parameter: options", "remove Options and Timezone")]
    [InlineData("08P01", "query_wait_timeout", "PgBouncer reports: query_wait_timeout")]
    [InlineData("57P03", "the database system is starting up", "PostgreSQL reports 57P03: the database system is starting up")]
    public void One_line_names_the_cause_and_the_remedy(string state, string text, string says)
    {
        var line = PostgresFaults.Describe(new PostgresException(text, "ERROR", "ERROR", state));

        Assert.Contains(says, line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }
}
