using IndiiMusic.Grains.Interfaces.Auth;
using IndiiMusic.Grains.Interfaces.Errors;

namespace IndiiMusic.Grains.Auth;

/// <summary>What grains ask before sensitive actions. Sessions call nobody, so that any grain may ask one.</summary>
internal static class Proofs
{
    /// <summary>Requires that whoever holds the session has proven lately who they are.</summary>
    /// <exception cref="IndiiException"><c>step_up_required</c>.</exception>
    public static async Task RequireProof(this IGrainFactory grains, Guid userId, Guid sessionId)
    {
        if (!await grains.GetGrain<ISessionGrain>(sessionId).IsProven(userId))
        {
            throw new IndiiException(
                ErrorCode.StepUpRequired,
                "Prove first who you are: POST /auth/step-up with the password, and the code of the second factor.");
        }
    }
}
