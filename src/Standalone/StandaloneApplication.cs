using IndiiMusic.Api;
using IndiiMusic.Infrastructure.SigningKeys;
using IndiiMusic.Silo;

namespace IndiiMusic.Standalone;

/// <summary>Silo and gateway in one process: the gateway calls the grains through the silo's own client.</summary>
public static class StandaloneApplication
{
    /// <summary>Builds the whole program, ready to start.</summary>
    /// <param name="settings">Configuration as <c>--Key:Path=value</c>; it has the last word.</param>
    public static WebApplication Create(params string[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = settings,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.AddIndiiSilo();
        builder.AddIndiiApi();
        builder.Services.AddFolderSigningKeys(builder.Configuration);
        var app = builder.Build();
        app.MapIndiiApi();
        return app;
    }
}
