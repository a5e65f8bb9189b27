using Microsoft.Extensions.Options;
using MongoDB.Driver;

namespace IndiiMusic.Infrastructure.MongoDb;

/// <summary>
/// Checks the options and says what each may be. It repeats nothing of the connection string, nor what the driver says
/// about it, since both can hold the password.
/// </summary>
internal sealed class MongoDbOptionsValidator : IValidateOptions<MongoDbOptions>
{
    private const int DatabaseBytesMax = 63;
    private const int PrefixLengthMax = 64;

    private static readonly MongoDbOptionsRanges Ranges = new();

    public ValidateOptionsResult Validate(string? name, MongoDbOptions options)
    {
        var wrong = new List<string>();
        if (Ranges.Validate(name, options) is { Failed: true } ranges)
            wrong.AddRange(ranges.Failures);
        if (ConnectionStringProblem(options.ConnectionString) is { } problem)
            wrong.Add($"{MongoDbOptions.Section}:{nameof(options.ConnectionString)} {problem}");
        if (!IsDatabaseName(options.Database))
        {
            wrong.Add(
                $"{MongoDbOptions.Section}:{nameof(options.Database)} is '{options.Database}'; it may be 1 to "
                + $"{DatabaseBytesMax} letters, digits, '-' and '_'.");
        }

        if (options.CollectionPrefix.Length > PrefixLengthMax || !options.CollectionPrefix.All(IsPrefixCharacter)
            || options.CollectionPrefix.StartsWith("system.", StringComparison.Ordinal))
        {
            wrong.Add(
                $"{MongoDbOptions.Section}:{nameof(options.CollectionPrefix)} is '{options.CollectionPrefix}'; it may "
                + $"be empty, or up to {PrefixLengthMax} letters, digits, '-', '_' and '.', not first 'system.'.");
        }

        if (options.ConnectionsMin > options.ConnectionsMax)
        {
            wrong.Add(
                $"{MongoDbOptions.Section}:{nameof(options.ConnectionsMin)} is {options.ConnectionsMin}; it may be at "
                + $"most {nameof(options.ConnectionsMax)}, {options.ConnectionsMax}.");
        }

        return wrong.Count > 0 ? ValidateOptionsResult.Fail(wrong) : ValidateOptionsResult.Success;
    }

    private static string? ConnectionStringProblem(string connectionString)
    {
        const string mayBe = "it may be like mongodb://user:password@host1,host2/?replicaSet=rs0 or "
            + "mongodb+srv://user:password@cluster.example.org (its value is not shown: it can hold a password).";
        if (string.IsNullOrWhiteSpace(connectionString))
            return $"is missing; {mayBe}";
        try
        {
            // A host name behind mongodb+srv is not looked up here: the network may come later than the program.
            _ = new MongoUrl(connectionString);
            return null;
        }
        catch (Exception failure) when (failure is MongoException or FormatException or ArgumentException)
        {
            return $"is no MongoDB connection string; {mayBe}";
        }
    }

    private static bool IsDatabaseName(string name) =>
        name.Length is >= 1 and <= DatabaseBytesMax && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static bool IsPrefixCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.';
}

/// <summary>Checks what the attributes on <see cref="MongoDbOptions"/> say.</summary>
[OptionsValidator]
internal sealed partial class MongoDbOptionsRanges : IValidateOptions<MongoDbOptions>;
