using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Commands;
using PartsWorker.Trainer.Export;

namespace PartsWorker.Trainer.Tests.Export;

public sealed class NextVersionTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("parts-next-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_fusion_rule_that_no_new_version_can_have_is_noticed_before_the_data_is_read()
    {
        var old = OldBundle();
        string[] words = ["quantize", "--bundle", old.Directory, "--data", Path.Combine(_root, "missing"), "--version-name", "3"];
        var error = await Assert.ThrowsAsync<UserErrorException>(
            () => CommandLine.Create().Parse(words).InvokeAsync(new() { EnableDefaultExceptionHandler = false }));
        Assert.StartsWith("shared@2: its fusion rule all-hits needs several hits per class", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Calibrate_may_replace_such_a_rule() => NextVersion.RequireNew(OldBundle(), "3");

    private ModelBundle OldBundle()
    {
        var draft = BundleDraft.From(SharedNetwork.Assemble(_root, SharedNetwork.Stage()));
        var fusion = draft.Manifest.Fusion with { Rule = EvidenceRules.AllHits };
        return (draft with { Manifest = draft.Manifest with { Fusion = fusion } }).Write(_root, "2");
    }
}
