namespace IndiiMusic.Api.Playlists;

/// <summary>What the routes of playlists need.</summary>
public static class PlaylistsHosting
{
    /// <summary>Adds the pages kept in memory.</summary>
    public static IServiceCollection AddIndiiPlaylists(this IServiceCollection services)
    {
        services.AddSingleton<PlaylistGrains>();
        services.AddSingleton<ReadAccessQuestions>();
        services.AddSingleton<EntryPages>();
        return services;
    }
}
