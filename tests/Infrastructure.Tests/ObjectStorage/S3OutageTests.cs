using System.Diagnostics;
using Amazon.S3.Model;
using IndiiMusic.Grains.Objects;
using IndiiMusic.Infrastructure.Hosting;
using IndiiMusic.Infrastructure.ObjectStorage;
using IndiiMusic.Infrastructure.Tests.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IndiiMusic.Infrastructure.Tests.ObjectStorage;

/// <summary>S3 away, frozen, or not as the settings say.</summary>
[Collection(S3Collection.Name)]
[Trait("Server", "S3")]
public sealed class S3OutageTests(S3Fixture s3)
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task While_S3_is_stopped_calls_fail_at_once_and_afterwards_they_work()
    {
        await using var host = await s3.OpenAsync(Impatient);
        var key = NewKey();
        await host.Store.PutAsync(key, new MemoryStream([1, 2, 3]), "audio/flac", default);
        Assert.Equal(HealthStatus.Healthy, (await HealthOf(host)).Status);
        await s3.Server.KillAsync();
        try
        {
            await UnavailableAsync(() => host.Store.FindAsync(key, default));

            var since = Stopwatch.StartNew();
            await UnavailableAsync(() => host.Store.FindAsync(key, default));
            await UnavailableAsync(() => host.Store.OpenAsync(key, 0, null, default));
            await UnavailableAsync(() => host.Store.DeleteAsync(key, default));
            await UnavailableAsync(() => host.Store.PutAsync(key, new MemoryStream([1]), "audio/flac", default));
            Assert.InRange(since.Elapsed, TimeSpan.Zero, AtOnce);
            var health = await HealthOf(host);
            Assert.Equal(HealthStatus.Degraded, health.Status);
            Assert.DoesNotContain(s3.Server.SecretKey, health.Description!, StringComparison.Ordinal);
        }
        finally
        {
            await s3.Server.StartAsync();
        }

        await WorksAgainAsync(host, key);
        Assert.Equal(HealthStatus.Healthy, (await HealthOf(host)).Status);
    }

    [Fact]
    public async Task A_frozen_S3_holds_nobody_up()
    {
        await using var host = await s3.OpenAsync(Impatient);
        var key = NewKey();
        await host.Store.PutAsync(key, new TricklingStream(new byte[20_000_000]), "audio/flac", default);
        await using var reading = await host.Store.OpenAsync(key, 0, null, default);
        await reading.ReadExactlyAsync(new byte[1000]);
        await s3.Server.SignalAsync("STOP");
        try
        {
            var since = Stopwatch.StartNew();
            await UnavailableAsync(() => reading.CopyToAsync(Stream.Null));
            await UnavailableAsync(() => host.Store.FindAsync(key, default));
            await UnavailableAsync(() => host.Store.PutAsync(NewKey(), new MemoryStream([1]), "audio/flac", default));
            Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));

            since.Restart();
            await UnavailableAsync(() => host.Store.FindAsync(key, default));
            Assert.InRange(since.Elapsed, TimeSpan.Zero, AtOnce);
        }
        finally
        {
            await s3.Server.SignalAsync("CONT");
        }

        await WorksAgainAsync(host, key);
        await host.Store.DeleteAsync(key, default);
    }

    [Fact]
    public async Task An_S3_that_stops_in_the_middle_of_an_upload_leaves_nothing_under_the_key()
    {
        await using var host = await s3.OpenAsync(
            options =>
            {
                Impatient(options);
                options.PartSizeBytes = 128 * 1024;
            },
            isChecked: false);
        var key = NewKey();
        Task? killing = null;
        var source = new TricklingStream(new byte[2_000_000])
        {
            Reading = position =>
            {
                if (position >= 1_000_000)
                    killing ??= s3.Server.KillAsync();
            },
        };

        try
        {
            await UnavailableAsync(() => host.Store.PutAsync(key, source, "audio/flac", default));
        }
        finally
        {
            await (killing ?? Task.CompletedTask);
            await s3.Server.StartAsync();
        }

        await WorksAgainAsync(host, key: null);
        Assert.Null(await host.Store.FindAsync(key, default));
        Assert.Equal(2_000_000, await host.Store.PutAsync(
            key, new TricklingStream(new byte[2_000_000]), "audio/flac", default));
        await AbortLeftoversAsync();
    }

    [Fact]
    public async Task A_program_starts_without_S3_and_works_once_it_is_there()
    {
        await s3.Server.KillAsync();
        S3Host host;
        try
        {
            host = await s3.OpenAsync(Impatient);
        }
        finally
        {
            await s3.Server.StartAsync();
        }

        await WorksAgainAsync(host, key: null);
        await host.DisposeAsync();
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_stops_the_start()
    {
        var refused = await Assert.ThrowsAsync<StartRefusedException>(
            () => s3.OpenAsync(options => options.Bucket = "another"));

        Assert.StartsWith("Objects:S3:Bucket is 'another'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_that_S3_refuses_stop_the_start_and_are_never_a_missing_object()
    {
        await using var host = new S3Host(s3.Server, options => options.SecretKey = "not-the-secret");

        var refused = await Assert.ThrowsAsync<StartRefusedException>(host.StartAsync);
        await UnavailableAsync(() => host.Store.FindAsync(NewKey(), default));
        await UnavailableAsync(() => host.Store.OpenAsync(NewKey(), 0, null, default));

        Assert.DoesNotContain("not-the-secret", refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(s3.Server.AccessKey, refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_that_goes_away_is_an_outage_and_not_a_missing_object()
    {
        await using var host = new S3Host(s3.Server, options => options.Bucket = "gone-away");

        await UnavailableAsync(() => host.Store.FindAsync(NewKey(), default));
        await UnavailableAsync(() => host.Store.OpenAsync(NewKey(), 0, null, default));
        await UnavailableAsync(() => host.Store.PutAsync(NewKey(), new MemoryStream([1]), "audio/flac", default));
        Assert.Equal(HealthStatus.Degraded, (await HealthOf(host)).Status);
    }

    private static void Impatient(S3Options options)
    {
        options.AttemptTimeout = TimeSpan.FromSeconds(1.5);
        options.ReadTimeout = TimeSpan.FromMilliseconds(700);
        options.RetryDelay = TimeSpan.FromMilliseconds(300);
        options.BreakTime = TimeSpan.FromSeconds(1);
        options.HealthInterval = TimeSpan.Zero;
    }

    private static string NewKey() => $"test/{Guid.CreateVersion7():N}";

    private static Task<ObjectStoreUnavailableException> UnavailableAsync(Func<Task> call) =>
        Assert.ThrowsAsync<ObjectStoreUnavailableException>(call);

    private static Task<HealthCheckResult> HealthOf(S3Host host) =>
        host.Services.GetRequiredService<S3HealthCheck>().CheckHealthAsync(new HealthCheckContext());

    /// <summary>Asks until the break is over.</summary>
    private static async Task WorksAgainAsync(S3Host host, string? key)
    {
        for (var since = Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            try
            {
                var found = await host.Store.FindAsync(key ?? NewKey(), default);
                Assert.Equal(key is not null, found is not null);
                return;
            }
            catch (ObjectStoreUnavailableException) when (since.Elapsed < TimeSpan.FromSeconds(10))
            {
                // Not yet.
            }
        }
    }

    /// <summary>What S3 itself prevented from being taken away, its rules expire; here the test does.</summary>
    private async Task AbortLeftoversAsync()
    {
        var left = await s3.Client.ListMultipartUploadsAsync(
            new ListMultipartUploadsRequest { BucketName = S3Fixture.Bucket });
        foreach (var upload in left.MultipartUploads ?? [])
        {
            await s3.Client.AbortMultipartUploadAsync(
                new AbortMultipartUploadRequest
                {
                    BucketName = S3Fixture.Bucket,
                    Key = upload.Key,
                    UploadId = upload.UploadId,
                });
        }
    }
}
