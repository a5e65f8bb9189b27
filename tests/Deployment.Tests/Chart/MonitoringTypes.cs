using k8s;
using k8s.Models;

namespace IndiiMusic.Deployment.Tests.Chart;

// Kubernetes's client does not know the kinds of Prometheus's operator. These hold what the chart uses of them, as the
// operator's API reference has it, so that a field with another name fails.

/// <summary>What Prometheus's operator has scraped.</summary>
public sealed class ServiceMonitor : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = null!;

    public ServiceMonitorSpec Spec { get; set; } = null!;
}

public sealed class ServiceMonitorSpec
{
    public string? JobLabel { get; set; }

    public V1LabelSelector Selector { get; set; } = null!;

    public NamespaceSelector? NamespaceSelector { get; set; }

    public IList<ScrapedEndpoint> Endpoints { get; set; } = [];
}

public sealed class NamespaceSelector
{
    public IList<string> MatchNames { get; set; } = [];
}

public sealed class ScrapedEndpoint
{
    public string Port { get; set; } = "";

    public string Path { get; set; } = "";

    public string? Interval { get; set; }

    public string? ScrapeTimeout { get; set; }
}

/// <summary>Rules that Prometheus's operator loads.</summary>
public sealed class PrometheusRule : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = null!;

    public PrometheusRuleSpec Spec { get; set; } = null!;
}

public sealed class PrometheusRuleSpec
{
    public IList<RuleGroup> Groups { get; set; } = [];
}

public sealed class RuleGroup
{
    public string Name { get; set; } = "";

    public string? Interval { get; set; }

    public IList<Rule> Rules { get; set; } = [];
}

public sealed class Rule
{
    public string? Alert { get; set; }

    public string? Record { get; set; }

    public string Expr { get; set; } = "";

    public string? For { get; set; }

    public string? KeepFiringFor { get; set; }

    public IDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>();

    public IDictionary<string, string> Annotations { get; set; } = new Dictionary<string, string>();
}
