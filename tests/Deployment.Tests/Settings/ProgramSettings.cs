using System.Text.Json;
using System.Text.RegularExpressions;
using IndiiMusic.Api;
using IndiiMusic.Infrastructure.Configuration;
using IndiiMusic.Silo;
using IndiiMusic.Standalone;
using Microsoft.Extensions.Configuration;

namespace IndiiMusic.Deployment.Tests.Settings;

/// <summary>What the programs really read: each is put together with every choice of adapters and asked.</summary>
internal static class ProgramSettings
{
    private static readonly string[] Common =
    [
        "--Objects:S3:Bucket=indii", "--Objects:S3:ServiceUrl=http://127.0.0.1:1",
        "--Storage:MongoDb:ConnectionString=mongodb://127.0.0.1/",
        "--Redis:ConnectionString=127.0.0.1", "--Auth:SigningKeys:Folder=keys",
        "--LiveSettings:Provider=Consul",
    ];

    private static readonly string[] Embedded =
    [
        "--Storage:Provider=Sqlite", "--Clustering:Provider=Localhost", "--Streams:Provider=Memory",
        "--Objects:Provider=Folder", "--LiveSettings:Provider=File",
    ];

    private static readonly string[] Shared =
    [
        "--Storage:Provider=MongoDb", "--Clustering:Provider=Consul", "--Streams:Provider=RabbitMq",
        "--Objects:Provider=S3", "--Cache:Provider=Redis", "--RateLimits:Provider=Redis", "--Sessions:Provider=Redis",
        "--Registration:Provider=Consul",
    ];

    /// <summary>All settings, in the order of the page.</summary>
    public static async Task<IReadOnlyList<Setting>> ReadAsync()
    {
        var types = OptionsReader.Types().ToList();
        var readers = types.ToDictionary(type => type, _ => new List<string>());
        foreach (var (program, services) in Programs([]))
        {
            foreach (var type in types.Where(type => OptionsReader.IsBound(services.Services, type)))
            {
                if (!readers[type].Contains(program))
                    readers[type].Add(program);
            }

            await services.DisposeAsync();
        }

        return [.. types.SelectMany(type => OptionsReader.Read(type, readers[type]))
            .Concat(DirectSettings.Read())
            .Select(WithDefaultsOfPrograms)
            .OrderBy(setting => setting.Key.Split(':')[0], StringComparer.Ordinal)
            .ThenBy(setting => setting.Key.EndsWith(":Provider", StringComparison.Ordinal) ? 0 : 1)];
    }

    /// <summary>Each program with each choice of adapters, put together and not started.</summary>
    /// <param name="further">Settings besides.</param>
    public static IEnumerable<(string Program, Program Services)> Programs(string[] further)
    {
        foreach (string[] choice in (string[][])
            [[.. Common, .. Embedded, .. further], [.. Common, .. Shared, .. further]])
        {
            yield return ("silo", Of(SiloApplication.Create(choice)));
            yield return ("gateway", Of(ApiApplication.Create([.. choice, "--Clustering:Provider=Consul"])));
            var folder = Directory.CreateTempSubdirectory("indii-settings-");
            var standalone = StandaloneApplication.Create([.. choice, $"--Data:Path={folder.FullName}"]);
            yield return ("standalone", new Program(standalone.Host.Services, async () =>
            {
                await standalone.DisposeAsync();
                folder.Delete(recursive: true);
            }));
        }

        static Program Of(Microsoft.AspNetCore.Builder.WebApplication app) =>
            new(app.Services, async () => await app.DisposeAsync());
    }

    /// <summary>What stands in the file beside a program is what holds for it when nobody says anything.</summary>
    private static Setting WithDefaultsOfPrograms(Setting setting)
    {
        var said = setting.Programs
            .Select(program => (program, value: Defaults(program)[setting.Key] ?? setting.Default))
            .GroupBy(each => each.value, StringComparer.Ordinal)
            .ToList();
        return setting with
        {
            Default = said.Count <= 1
                ? said.FirstOrDefault()?.Key
                : string.Join(", ", said.Where(group => group.Key is not null)
                    .Select(group => $"{group.Key} ({string.Join(", ", group.Select(each => each.program))})")),
        };
    }

    private static IConfigurationRoot Defaults(string program) => new ConfigurationBuilder()
        .AddJsonFile(Path.Combine(AppContext.BaseDirectory, $"appsettings.{program}.json"))
        .Build();

    internal sealed record Program(IServiceProvider Services, Func<Task> Dispose) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await Dispose();
    }
}
