# The echo as a bare Rack application. The interface has no raw field lines: HTTP_X_Y is written as X-Y.

run(lambda do |env|
  content = env['rack.input'].read.to_s.b
  head = +"startline-echo/1\nmethod: #{env['REQUEST_METHOD']}\ntarget: #{env['REQUEST_URI']}\n".b
  env.each do |name, value|
    next unless name.start_with?('HTTP_') || %w[CONTENT_LENGTH CONTENT_TYPE].include?(name)
    next if name == 'HTTP_VERSION' # that of the protocol, by Rack's own naming

    head << "field: #{name.delete_prefix('HTTP_').tr('_', '-')}: #{value}\n".b
  end
  answer = head << "length: #{content.bytesize}\nbody:\n".b << content
  status = env['PATH_INFO'].start_with?('/missing') ? 404 : 200
  [status, { 'Content-Type' => 'text/plain', 'Content-Length' => answer.bytesize.to_s }, [answer]]
end)
