namespace PartsWorker.Client.Tests.Examples;

public sealed class ReadmeTests
{
    [Theory]
    [InlineData(1, "CameraService.cs")]
    [InlineData(2, "ResultGateway.cs")]
    public void The_examples_of_the_readme_are_the_ones_that_compile(int number, string file)
    {
        var compiled = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Examples", file)).Split("// README\n")[1];
        var readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md")).Split("```csharp\n")[number].Split("```")[0];

        Assert.Equal(Lines(compiled), Lines(readme));
    }

    private static IEnumerable<string> Lines(string code) =>
        code.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l != "// README");
}
