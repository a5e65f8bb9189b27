using System.CommandLine;

namespace IndiiMusic.Standalone;

/// <summary>Options that every command takes; each is a short name for a configuration key.</summary>
internal static class CommonOptions
{
    private static readonly Option<string> Data = new("--data")
    {
        Description = "The folder that holds everything (or INDIIMUSIC_DATA).",
        HelpName = "folder",
        Recursive = true,
    };

    private static readonly Option<string> Url = new("--url")
    {
        Description = "Where the gateway listens; http://127.0.0.1:5080 unless configured.",
        HelpName = "address",
        Recursive = true,
    };

    private static readonly Option<string> ManagementUrl = new("--management-url")
    {
        Description = "Where health and metrics listen; http://127.0.0.1:5081 unless configured.",
        HelpName = "address",
        Recursive = true,
    };

    private static readonly Option<string[]> Set = new("--set")
    {
        Description = "Any other setting, such as RateLimits:UserPerSecond=200. May be repeated.",
        HelpName = "key=value",
        Recursive = true,
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>Adds them to the root, from where all commands have them.</summary>
    public static void AddTo(RootCommand root)
    {
        Set.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) < 1))
            {
                result.AddError($"--set takes key=value, not '{token.Value}'.");
            }
        });
        root.Options.Add(Data);
        root.Options.Add(Url);
        root.Options.Add(ManagementUrl);
        root.Options.Add(Set);
    }

    /// <summary>What was chosen, in the form that configuration takes.</summary>
    public static string[] Settings(ParseResult parsed)
    {
        var settings = new List<string>();
        Add(StandaloneConfiguration.DataPathKey, parsed.GetValue(Data));
        Add("Kestrel:Endpoints:Http:Url", parsed.GetValue(Url));
        Add("Kestrel:Endpoints:Management:Url", parsed.GetValue(ManagementUrl));
        settings.AddRange((parsed.GetValue(Set) ?? []).Select(pair => "--" + pair));
        return [.. settings];

        void Add(string key, string? value)
        {
            if (value is not null)
            {
                settings.Add($"--{key}={value}");
            }
        }
    }
}
