using Microsoft.Extensions.Configuration;
using PartsWorker.Configuration;

namespace PartsWorker.Tests.Configuration;

public sealed class SecretFilesTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void A_file_sets_the_key_it_is_named_for_without_its_last_line_break()
    {
        File.WriteAllText(_file, "p@ss word\n");

        var (key, value) = Assert.Single(SecretFiles.Resolve(With("Rabbit:Password_FILE", _file)));

        Assert.Equal(("Rabbit:Password", "p@ss word"), (key, value));
    }

    [Fact]
    public void A_file_overrides_a_value()
    {
        File.WriteAllText(_file, "from file");
        KeyValuePair<string, string?>[] settings = [new("Rabbit:Password", "plain"), new("Rabbit:Password_FILE", _file)];
        var resolved = SecretFiles.Resolve(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        var both = new ConfigurationBuilder().AddInMemoryCollection(resolved).Build();

        Assert.Equal("from file", both["Rabbit:Password"]);
    }

    [Fact]
    public void Environment_variables_of_the_machine_with_the_same_ending_are_not_read() =>
        Assert.Equal([KeyValuePair.Create("SSL_CERT_FILE", (string?)"/nowhere")], SecretFiles.Resolve(With("SSL_CERT_FILE", "/nowhere")));

    [Fact]
    public void A_missing_file_is_one_line_that_names_key_and_file()
    {
        var error = Assert.Throws<UserErrorException>(
            () => SecretFiles.Resolve(With("ConnectionStrings:Postgres_FILE", "/nowhere/secret")).ToArray());

        Assert.StartsWith("ConnectionStrings:Postgres_FILE: '/nowhere/secret' cannot be read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_section_rabbit_is_checked_before_anything_is_done()
    {
        var error = Assert.Throws<UserErrorException>(
            () => RabbitSettings.From(With("ConnectionStrings:RabbitMq", "amqp://u:s3cret@h:port")));

        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    private static IConfiguration With(string key, string value) =>
        new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(key, (string?)value)]).Build();
}
