using System.Text.RegularExpressions;
using PartsWorker.Failures;

namespace PartsWorker.Tests.Failures;

public sealed partial class FailureKindTests
{
    [Fact]
    public void The_published_contract_lists_every_kind_of_failure()
    {
        var contract = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "asyncapi.yaml"));

        var listed = ReasonEnum().Match(contract).Groups["kinds"].Value.Split(',', StringSplitOptions.TrimEntries);

        Assert.Equal(Enum.GetValues<FailureKind>().Select(kind => kind.ToHeader()).Order(), listed.Order());
    }

    [GeneratedRegex(@"x-parts-reason:[^\[]*\[(?<kinds>[^\]]*)\]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ReasonEnum();
}
