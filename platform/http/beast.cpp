// Asio and Beast, compiled here once for the whole program (BOOST_ASIO_SEPARATE_COMPILATION and
// BOOST_BEAST_SEPARATE_COMPILATION are set everywhere).
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
