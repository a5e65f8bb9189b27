using k8s.Models;

namespace IndiiMusic.Deployment.Tests.Chart;

/// <summary>What a container of the chart finds in its environment.</summary>
internal static class ProgramEnvironment
{
    private const string Prefix = "INDIIMUSIC_";

    /// <summary>Settings that stand in the open, by their keys.</summary>
    public static Dictionary<string, string> Open(RenderedChart chart, string component)
    {
        var container = chart.Deployment(component).Spec.Template.Spec.Containers[0];
        var open = container.EnvFrom
            .SelectMany(from => chart.Only<V1ConfigMap>(map => map.Metadata.Name == from.ConfigMapRef.Name).Data)
            .Concat(container.Env.Where(each => each.Value is not null).Select(each => new KeyValuePair<string, string>(
                each.Name, each.Value)));
        return open.Where(each => IsSetting(each.Key)).ToDictionary(each => KeyOf(each.Key), each => each.Value);
    }

    /// <summary>Settings that come from secrets: the key, and the secret's name and entry.</summary>
    public static Dictionary<string, V1SecretKeySelector> Secret(RenderedChart chart, string component) =>
        chart.Deployment(component).Spec.Template.Spec.Containers[0].Env
            .Where(each => each.ValueFrom?.SecretKeyRef is not null && IsSetting(each.Name))
            .ToDictionary(each => KeyOf(each.Name), each => each.ValueFrom.SecretKeyRef);

    /// <summary>All of it, as a program finds it in a pod whose address, and whose node's, is this.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="component">The program.</param>
    /// <param name="address">The address.</param>
    /// <param name="secretOf">Knows the secrets that the chart does not make.</param>
    public static Dictionary<string, string> Whole(
        RenderedChart chart, string component, string address, Func<string, string> secretOf)
    {
        var settings = Open(chart, component).ToDictionary(
            each => each.Key,
            each => each.Value.Replace("$(POD_IP)", address, StringComparison.Ordinal)
                .Replace("$(HOST_IP)", address, StringComparison.Ordinal));
        foreach (var (key, reference) in Secret(chart, component))
        {
            var own = chart.All<V1Secret>().FirstOrDefault(each => each.Metadata.Name == reference.Name);
            settings[key] = own is not null
                ? System.Text.Encoding.UTF8.GetString(own.Data[reference.Key])
                : secretOf(key);
        }

        return settings;
    }

    private static bool IsSetting(string variable) => variable.StartsWith(Prefix, StringComparison.Ordinal);

    private static string KeyOf(string variable) =>
        variable[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal);
}
