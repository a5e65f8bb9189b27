using System.Collections.Concurrent;
using k8s;
using k8s.Models;

namespace IndiiMusic.Deployment.Tests.Chart;

/// <summary>What the chart becomes with a set of values, read by Kubernetes's own types, strictly.</summary>
internal sealed class RenderedChart
{
    public const string Release = "music";
    public const string Namespace = "stage";

    private static readonly Dictionary<string, Type> Kinds = new()
    {
        ["monitoring.coreos.com/v1/ServiceMonitor"] = typeof(ServiceMonitor),
        ["monitoring.coreos.com/v1/PrometheusRule"] = typeof(PrometheusRule),
    };

    private static readonly ConcurrentDictionary<string, Task<RenderedChart>> Known = new();

    private RenderedChart(string text)
    {
        Text = text;
        Objects = [.. KubernetesYaml.LoadAllFromString(text, Kinds, strict: true)
            .Cast<IKubernetesObject<V1ObjectMeta>>()];
    }

    /// <summary>The four sets of values that are kept with the chart.</summary>
    public static TheoryData<string> Sets => ["minimal", "production", "no-ingress", "servers-elsewhere"];

    /// <summary>The names of both programs in the chart.</summary>
    public static IReadOnlyList<string> Components { get; } = ["silo", "gateway"];

    public string Text { get; }

    public IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Objects { get; }

    /// <summary>One of the sets.</summary>
    public static Task<RenderedChart> OfSetAsync(string set) => Known.GetOrAdd(set, static each => OfAsync(each));

    /// <summary>A set with further values, in the form of <c>--set</c>.</summary>
    public static async Task<RenderedChart> OfAsync(string set, params string[] values) =>
        new(await Helm.RunAsync(Arguments(set, values)));

    /// <summary>What helm printed.</summary>
    public static RenderedChart Read(string text) => new(text);

    /// <summary>How helm is asked for it.</summary>
    public static IEnumerable<string> Arguments(string set, params string[] values) =>
    [
        "template", Release, Helm.Chart, "--namespace", Namespace, "--values", Helm.ValuesFile(set),
        .. values.SelectMany(value => new[] { "--set", value }),
    ];

    public IReadOnlyList<T> All<T>() => [.. Objects.OfType<T>()];

    public T Only<T>(Func<T, bool>? which = null) =>
        Assert.Single(Objects.OfType<T>(), each => which?.Invoke(each) ?? true);

    public V1Deployment Deployment(string component) =>
        Only<V1Deployment>(deployment => deployment.Metadata.Labels["app.kubernetes.io/component"] == component);

    /// <summary>All pods that come of it: the deployments' and that of <c>helm test</c>.</summary>
    public IReadOnlyList<(string Name, IDictionary<string, string> Labels, V1PodSpec Spec)> Pods() =>
    [
        .. All<V1Deployment>().Select(each =>
            (each.Metadata.Name, each.Spec.Template.Metadata.Labels, each.Spec.Template.Spec)),
        .. All<V1Pod>().Select(each => (each.Metadata.Name, each.Metadata.Labels, each.Spec)),
    ];

    /// <summary>Those pods of the chart that a selector chooses.</summary>
    public IReadOnlyList<(string Name, IDictionary<string, string> Labels, V1PodSpec Spec)> Chosen(
        IDictionary<string, string> matchLabels) =>
        [.. Pods().Where(pod => Matches(matchLabels, pod.Labels))];

    public static bool Matches(IDictionary<string, string> matchLabels, IDictionary<string, string> labels) =>
        matchLabels.Count > 0
        && matchLabels.All(label => labels.TryGetValue(label.Key, out var value) && value == label.Value);
}
