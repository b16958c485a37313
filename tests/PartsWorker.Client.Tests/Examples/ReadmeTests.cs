namespace PartsWorker.Client.Tests.Examples;

public sealed class ReadmeTests
{
    [Fact]
    public void The_example_of_the_readme_is_the_one_that_compiles()
    {
        var compiled = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Examples", "CameraService.cs")).Split("// README\n")[1];
        var readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md")).Split("```csharp\n")[1].Split("```")[0];

        Assert.Equal(Lines(compiled), Lines(readme));
    }

    private static IEnumerable<string> Lines(string code) =>
        code.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l != "// README");
}
