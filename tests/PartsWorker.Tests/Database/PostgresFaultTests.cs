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
}
