using Microsoft.Extensions.Configuration;
using Npgsql;
using PartsWorker.Database;

namespace PartsWorker.Tests.Database;

public sealed class PostgresSourceTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("postgres://worker:hidden@host/parts")]
    [InlineData("Host=h;Password=hidden;Pass=more;hidden2=x")]
    [InlineData("Password=hidden")]
    [InlineData("Host=h;Port=hidden")]
    public void A_wrong_connection_string_is_one_line_that_repeats_nothing(string? text)
    {
        var error = Assert.Throws<UserErrorException>(() => Open(text));

        Assert.Equal(2, error.ExitCode);
        Assert.StartsWith("ConnectionStrings:Postgres is not ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void What_a_promise_depends_on_is_set_whatever_the_string_says()
    {
        using var source = Open("Host=h;Include Error Detail=true;Enlist=true;No Reset On Close=false;Max Auto Prepare=9");
        var settings = new NpgsqlConnectionStringBuilder(source.ConnectionString);

        Assert.Equal((false, false, "partsworker"), (settings.IncludeErrorDetail, settings.Enlist, settings.ApplicationName));
        Assert.Equal((true, 0, (string?)null), (settings.NoResetOnClose, settings.MaxAutoPrepare, settings.Options));
    }

    [Fact]
    public void What_a_person_set_is_kept()
    {
        using var source = Open("Host=h;Options=-c statement_timeout=5s;Application Name=mine");
        var settings = new NpgsqlConnectionStringBuilder(source.ConnectionString);

        Assert.Equal(("-c statement_timeout=5s", "mine"), (settings.Options, settings.ApplicationName));
    }

    private static NpgsqlDataSource Open(string? text)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:Postgres", text)]).Build();
        return PostgresSource.Open(settings, "partsworker");
    }
}
