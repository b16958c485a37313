using Microsoft.Extensions.Configuration;
using PartsWorker.Configuration;
using PartsWorker.Hosting;

namespace PartsWorker.Tests.Configuration;

public sealed class SettingKeysTests
{
    [Theory]
    [InlineData("Images:Root:0", "did you mean Images:Roots?")]
    [InlineData("Images:MaxByte", "did you mean Images:MaxBytes?")]
    [InlineData("Images:S3:Endpont", "did you mean Images:S3:Endpoint?")]
    [InlineData("Images:Map:0:Fro", "did you mean Images:Map:0:From?")]
    [InlineData("Images:Nonsense", "Images has Roots, Hosts, Buckets")]
    [InlineData("Images:MaxBytes:0", "did you mean Images:MaxBytes?")]
    [InlineData("Rabbit:Prefx", "did you mean Rabbit:Prefix?")]
    [InlineData("Model:Bundel", "did you mean Model:Bundle?")]
    [InlineData("Pipeline:MaxBach", "did you mean Pipeline:MaxBatch?")]
    [InlineData("Inference:MaxBatch", "did you mean Pipeline:MaxBatch?")]
    [InlineData("Decode:MaxBytes", "did you mean Images:MaxBytes?")]
    [InlineData("Inference:Devise", "did you mean Inference:Device?")]
    [InlineData("Results:RetryAttempt", "did you mean Results:RetryAttempts?")]
    [InlineData("Health:Prt", "did you mean Health:Port?")]
    [InlineData("Reprocess:PagSize", "did you mean Reprocess:PageSize?")]
    [InlineData("Rabit:Prefix", "did you mean Rabbit:Prefix?")]
    [InlineData("Nonsense:Key", "the sections are Rabbit, Images")]
    public void An_unknown_key_is_named_with_the_right_one(string key, string remedy)
    {
        var error = Assert.Throws<UserErrorException>(() => new Settings([$"--{key}=1"], WorkerSections.Keys).Load());

        Assert.StartsWith(
            "unknown configuration key " + key.Replace(
                "Root:0", "Root", StringComparison.Ordinal), error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.ExitCode);
    }

    [Fact]
    public void A_list_without_a_number_is_refused_with_the_right_spelling()
    {
        var error = Assert.Throws<UserErrorException>(() => new Settings(["--Images:Roots=/data"], WorkerSections.Keys).Load());

        Assert.Equal("Images:Roots is a list: number its values, Images:Roots:0=/data", error.Message);
    }

    [Theory]
    [InlineData("Inference:Device=gpu", "Inference:Device is 'gpu'; use auto, cuda or cpu")]
    [InlineData("Pipeline:MaxBatch=many", "Pipeline:MaxBatch is 'many'; use a whole number")]
    [InlineData("Model:Follow=perhaps", "Model:Follow is 'perhaps'; use true or false")]
    [InlineData("Model:PollInterval=soon", "Model:PollInterval is 'soon'; use hours:minutes:seconds, for example 00:00:30")]
    public void A_value_of_the_wrong_type_is_refused_with_the_accepted_values(string setting, string expected)
    {
        var error = Assert.Throws<UserErrorException>(() => new Settings([$"--{setting}"], WorkerSections.Keys).Load());

        Assert.Equal(expected, error.Message);
    }

    [Theory]
    [InlineData("Inference:Device=CPU")]
    [InlineData("Model:PollInterval=00:00:05")]
    [InlineData("Rabbit:Password=many")]
    public void A_value_of_the_right_type_is_accepted(string setting) => new Settings([$"--{setting}"], WorkerSections.Keys).Load();

    [Theory]
    [InlineData("Rabit:Prefix", "did you mean Rabbit:Prefix?")]
    [InlineData("IMAGE:Roots:0", "did you mean Images:Roots?")]
    public void Of_the_environments_unknown_sections_only_a_near_miss_is_refused(string key, string remedy) =>
        Assert.Contains(remedy, Assert.Throws<UserErrorException>(() => FromEnvironment(key)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("PATH")]
    [InlineData("MODEL")]
    [InlineData("IMAGE")]
    [InlineData(":CF_USER_TEXT_ENCODING")]
    [InlineData("AIRFLOW:CORE:FERNET_KEY")]
    [InlineData("Logging:LogLevel:Default")]
    [InlineData("images:s3:endpoint")]
    [InlineData("Images:Buckets:0")]
    [InlineData("Rabbit:HeartbeatSeconds")]
    public void Correct_keys_and_keys_of_other_programs_are_accepted(string key) => FromEnvironment(key);

    private static void FromEnvironment(string key) => WorkerSections.Keys.Check(
        new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(key, (string?)"1")]).Build(),
        written: new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("Logging:Format", (string?)"json")]).Build());
}
