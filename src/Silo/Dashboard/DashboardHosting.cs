using Orleans.Dashboard;

namespace IndiiMusic.Silo.Dashboard;

/// <summary>
/// Orleans's own dashboard: silos, activations, calls. Off unless <c>Dashboard:Enabled</c>, because it profiles each
/// call and shows grain state to whoever can reach the management port.
/// </summary>
public static class DashboardHosting
{
    private const string Key = "Dashboard:Enabled";

    /// <summary>Adds it to a silo where it is on.</summary>
    public static ISiloBuilder AddIndiiDashboard(this ISiloBuilder silo) =>
        silo.Configuration.GetValue<bool>(Key) ? silo.AddDashboard() : silo;

    /// <summary>Maps <c>/dashboard</c> where it is on.</summary>
    public static void MapIndiiDashboard(this WebApplication app)
    {
        if (app.Configuration.GetValue<bool>(Key))
            app.MapOrleansDashboard("/dashboard");
    }
}
