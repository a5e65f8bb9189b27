using System.Text;
using System.Text.Json;
using IndiiMusic.Infrastructure.Consul;
using IndiiMusic.Infrastructure.Tests.Consul;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IndiiMusic.Infrastructure.Tests.LiveSettings;

/// <summary>Live settings in a real Consul.</summary>
[Collection(ConsulCollection.Name)]
[Trait("Server", "Consul")]
public sealed class ConsulLiveSettingsTests(ConsulFixture consul) : LiveSettingsConformance
{
    private readonly string _prefix = $"tests/{Guid.CreateVersion7():N}/settings";

    protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        new("LiveSettings:Provider", "Consul"),
        new("LiveSettings:Consul:KeyPrefix", _prefix),
        new("Consul:Address", consul.Server.Address.ToString()),
    ];

    [Fact]
    public async Task A_key_may_hold_a_json_object_and_end_with_a_line_break()
    {
        await WriteAsync("Ffmpeg", """{ "TimeoutSeconds": 40, "Ffprobe": "probe" }"""u8);
        await WriteAsync("Redis/BreakTime", "00:00:02\n"u8);
        await WriteAsync("Redis/", []);
        await using var program = await StartAsync();

        Assert.Equal((40, "probe"), (program.Ffmpeg.TimeoutSeconds, program.Ffmpeg.Ffprobe));
        Assert.Equal("00:00:02", program.Configuration["Redis:BreakTime"]);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_and_values_beyond_all_bounds_are_refused()
    {
        await WriteAsync("Ffmpeg/TimeoutSeconds", "40"u8);
        await using var program = await StartAsync();

        await WriteAsync("Ffmpeg/Ffprobe", [0xC3, 0x28]);
        await program.UntilSaidAsync($"The key {_prefix}/Ffmpeg/Ffprobe in Consul holds bytes that are no text in UTF-8.");

        await WriteAsync("Ffmpeg/Ffprobe", "ffprobe"u8);
        var huge = new byte[500_000];
        Array.Fill(huge, (byte)'x');
        for (var n = 0; n < 9; n++)
            await WriteAsync($"Cors/Origins/{n}", huge);
        await program.UntilSaidAsync("There are more than 4194304 bytes of settings.");
        Assert.Equal(40, program.Ffmpeg.TimeoutSeconds);
    }

    [Fact]
    public async Task A_key_that_differs_in_case_alone_is_refused()
    {
        await using var program = await StartAsync();

        await consul.Client.TransactAsync(
            [
                ConsulStep.Set($"{_prefix}/Ffmpeg/TimeoutSeconds", "40"u8.ToArray()),
                ConsulStep.Set($"{_prefix}/ffmpeg/timeoutseconds", "50"u8.ToArray()),
            ],
            CancellationToken.None);

        await program.UntilSaidAsync("is there twice.");
        Assert.Equal(30, program.Ffmpeg.TimeoutSeconds);
    }

    /// <summary>What stood there goes, and what shall stand there comes, in one transaction.</summary>
    protected override async Task HoldAsync(params (string Key, string Value)[] settings)
    {
        if (settings.Length > ConsulLimits.StepsMax / 2)
        {
            foreach (var (key, value) in settings)
                await WriteAsync(key.Replace(':', '/'), Encoding.UTF8.GetBytes(value));
            return;
        }

        var keys = settings.ToDictionary(pair => $"{_prefix}/{pair.Key.Replace(':', '/')}", pair => pair.Value);
        var gone = (await consul.Client.ReadTreeAsync(_prefix + "/", CancellationToken.None))
            .Where(found => !keys.ContainsKey(found.Key))
            .Select(found => ConsulStep.DeleteIfUnchanged(found.Key, found.ModifyIndex));
        var steps = gone.Concat(keys.Select(pair => ConsulStep.Set(pair.Key, Encoding.UTF8.GetBytes(pair.Value)))).ToList();
        if (steps.Count > 0)
            Assert.True(await consul.Client.TransactAsync(steps, CancellationToken.None));
    }

    private Task WriteAsync(string key, ReadOnlySpan<byte> value) =>
        consul.Client.WriteAsync($"{_prefix}/{key}", value.ToArray(), CancellationToken.None);
}
