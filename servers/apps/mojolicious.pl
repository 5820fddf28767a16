# The echo on Mojolicious: perl mojolicious.pl daemon --listen http://127.0.0.1:PORT
# The interface knows the target only as a URL.
use Mojolicious::Lite;

# Before the routes and the files.
hook around_dispatch => sub {
    my ($next, $c) = @_;
    my $request = $c->req;
    my $content = $request->body;
    my $url     = $request->url;
    my $target  = $url->is_abs ? $url->to_string : $url->path_query;
    my $answer  = "startline-echo/1\nmethod: " . $request->method . "\ntarget: $target\n";
    for my $name (@{$request->headers->names}) {
        $answer .= "field: $name: $_\n" for @{$request->headers->every_header($name)};
    }
    $answer .= 'length: ' . length($content) . "\nbody:\n" . $content;
    my $status = $url->path =~ m{^/missing} ? 404 : 200;
    $c->render(data => $answer, format => 'txt', status => $status);
};

app->start;
