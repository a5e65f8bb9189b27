namespace IndiiMusic.Grains.Interfaces.Tracks;

/// <summary>Who may see and hear a track.</summary>
public enum TrackVisibility
{
    /// <summary>Any signed-in user.</summary>
    Members = 0,

    /// <summary>Its owner only.</summary>
    Private = 1,

    /// <summary>Everybody.</summary>
    Public = 2,
}

/// <summary>The one rule of who may hear a track.</summary>
public static class TrackAccess
{
    /// <summary>Whether an actor may see and hear a track.</summary>
    public static bool MayHear(Actor actor, TrackVisibility visibility, Guid? ownerId) => visibility switch
    {
        TrackVisibility.Public => true,
        TrackVisibility.Members => actor.UserId is not null,
        _ => actor.UserId is not null && actor.UserId == ownerId,
    };
}
