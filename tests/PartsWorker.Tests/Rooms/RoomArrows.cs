using System.Reflection;

namespace PartsWorker.Tests.Rooms;

/// <summary>
/// Which room of an assembly uses which. A room is the first part of the namespace after the assembly's own; types in that namespace
/// itself are the room <c>root</c>, a program without namespace is <c>Program</c>, and every other project of ours is one room.
/// </summary>
internal static class RoomArrows
{
    /// <param name="assembly">Compiled code of one project.</param>
    /// <param name="home">Its namespace, for example <c>PartsWorker.Trainer</c>.</param>
    /// <returns>Each arrow with one type that uses the other room, as <c>Part uses Delivery</c>.</returns>
    public static IReadOnlyDictionary<(string From, string To), string> Of(Assembly assembly, string home)
    {
        var arrows = new SortedDictionary<(string From, string To), string>();
        foreach (var type in assembly.GetTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            if (Room(type, assembly, home) is not { } from)
            {
                continue;
            }

            foreach (var named in NamedTypes.Of(type))
            {
                if (Room(named, assembly, home) is { } to && to != from)
                {
                    arrows.TryAdd((from, to), $"{Outermost(type).Name} uses {Outermost(named).Name}");
                }
            }
        }

        return arrows;
    }

    /// <summary>Which other projects of ours the compiled code of this one names.</summary>
    public static IEnumerable<string> Projects(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Select(reference => Project(reference.Name!)).OfType<string>().Order(StringComparer.Ordinal);

    /// <returns>Null for an assembly that is not ours.</returns>
    public static string? Project(string assembly) => assembly switch
    {
        "partsworker" => "Worker",
        "partstrainer" => "Trainer",
        _ => assembly.StartsWith("PartsWorker.", StringComparison.Ordinal) ? assembly["PartsWorker.".Length..] : null,
    };

    private static string? Room(Type type, Assembly assembly, string home)
    {
        if (type.IsGenericParameter)
        {
            return null;
        }

        if (type.Assembly != assembly)
        {
            return Project(type.Assembly.GetName().Name!);
        }

        if (type.Namespace is not { } space)
        {
            // What the compiler adds has a name that no program can have: <PrivateImplementationDetails>.
            return Outermost(type).Name is "Program" ? "Program" : null;
        }

        if (space == home)
        {
            return "root";
        }

        return space.StartsWith(home + ".", StringComparison.Ordinal) ? space[(home.Length + 1)..].Split('.')[0] : null;
    }

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
