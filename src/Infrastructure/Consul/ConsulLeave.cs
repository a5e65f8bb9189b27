using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace IndiiMusic.Infrastructure.Consul;

/// <summary>
/// Lets a silo stop in time while Consul is away. Orleans tries for minutes to write that the silo leaves, whatever the
/// host's own patience; the others find out by themselves when it cannot.
/// </summary>
internal sealed partial class ConsulLeave(
    ConsulClient consul, IOptions<ClusterMembershipOptions> membership, ILogger<ConsulLeave> logger)
    : IHostedLifecycleService
{
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(1);

    // For each of the two statuses that a silo writes when it leaves.
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(2);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        string problem;
        try
        {
            if (await consul.HasLeaderAsync(AnswerPatience, CancellationToken.None))
                return;
            problem = "It has no leader.";
        }
        catch (ConsulException failure)
        {
            problem = failure.Message;
        }

        LogLeavesUnsaid(problem);
        // Orleans reads this bound anew each time it writes a status. It stays as it is while Consul answers, because
        // silos that leave together wait for each other.
        membership.Value.MaxJoinAttemptTime = LeavePatience;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
