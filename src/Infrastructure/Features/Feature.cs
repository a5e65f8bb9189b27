namespace IndiiMusic.Infrastructure.Features;

/// <summary>
/// What an operator may switch off, or on for some only. All are on unless <c>FeatureManagement</c> says so.
/// </summary>
public enum Feature
{
    /// <summary>Making new accounts.</summary>
    Registration,

    /// <summary>Bringing in files: audio, artwork, avatars.</summary>
    Uploads,

    /// <summary>Making playlists of playlist files.</summary>
    Imports,

    /// <summary>Editing over the hub; watching goes on, and so does editing over REST.</summary>
    LiveEditing,
}
