using System.CommandLine;

namespace PartsWorker.Trainer.Commands;

/// <summary>Checks that a number of the command line is in its range.</summary>
internal static class OptionRange
{
    /// <returns>The value; null if it is not given.</returns>
    /// <exception cref="UserErrorException">It is out of range, or not a number.</exception>
    public static T? Within<T>(Option option, T? value, T least, T? most = null)
        where T : struct, IComparable<T>
    {
        if (value is not { } given || (given.CompareTo(least) >= 0 && (most is not { } limit || given.CompareTo(limit) <= 0)))
        {
            return value;
        }

        throw new UserErrorException($"{option.Name} {given}: must be {(most is null ? $"{least} or more" : $"{least}..{most}")}");
    }
}
